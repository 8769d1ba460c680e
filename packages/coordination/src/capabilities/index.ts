export {
  type Capabilities,
  type Capability,
  CapabilityExtension,
  type CapabilityMap,
} from './capabilities.js';
export { decodeCapabilities, encodeCapabilities } from './codec.js';
