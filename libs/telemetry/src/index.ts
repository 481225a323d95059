export { flush } from './flush';
export { activeTrace, type CommandSpan, commandSpan } from './spans';
