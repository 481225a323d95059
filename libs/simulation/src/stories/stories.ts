import { adding } from './adding';
import { forwarding } from './forwarding';
import { joining } from './joining';
import { outrunning } from './outrunning';

export const stories = [...adding, ...joining, ...forwarding, ...outrunning];
