CREATE INDEX frame_commands_frame ON frame_commands (frame_id, id);
