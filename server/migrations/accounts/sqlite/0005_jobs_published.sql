-- Until when a message to RabbitMQ stands for the job; 0 while there is none.
ALTER TABLE jobs ADD COLUMN published_until INTEGER NOT NULL DEFAULT 0;
