import { adding } from './adding';
import { distrusting } from './distrusting';
import { forwarding } from './forwarding';
import { joining } from './joining';
import { outrunning } from './outrunning';

export const stories = [...adding, ...joining, ...forwarding, ...distrusting, ...outrunning];
