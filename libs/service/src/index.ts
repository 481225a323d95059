export { baseVariables, listVariables, loadConfig, parseConfig, type Variable } from './config';
