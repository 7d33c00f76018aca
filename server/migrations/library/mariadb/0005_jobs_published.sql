-- Until when a message to RabbitMQ stands for the job; 0 while there is none.
ALTER TABLE jobs ADD COLUMN published_until BIGINT NOT NULL DEFAULT 0;
