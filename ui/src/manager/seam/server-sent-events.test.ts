import { expect, test } from 'vitest';
import { MessageReader } from './server-sent-events';

test('a message that arrives in pieces is read once, whole', () => {
  const reader = new MessageReader();
  expect(reader.push('id: 7\nevent: cha')).toEqual([]);
  expect(reader.push('nge\ndata: {"a":1}\n')).toEqual([]);
  expect(reader.push('\n')).toEqual([{ id: '7', event: 'change', data: '{"a":1}' }]);
});

test('keep-alive comments are no messages', () => {
  expect(new MessageReader().push(': still here\n\n:\n\n')).toEqual([]);
});

test('several messages in one piece keep their order, whatever the line ends', () => {
  const messages = new MessageReader().push('data: 1\r\n\r\ndata: 2\ndata: 3\n\n');
  expect(messages.map((message) => message.data)).toEqual(['1', '2\n3']);
});
