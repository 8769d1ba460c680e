import type { Driver, DriverDefinition } from '../driver/index.js';

/** The same driver, but for the methods that `changed` gives; they may call those of the driver. */
export function faulty(
  definition: DriverDefinition,
  changed: (driver: Driver) => Partial<Driver>,
): DriverDefinition {
  return {
    ...definition,
    open: async (context) => {
      const driver = await definition.open(context);
      return { ...passedOn(driver), ...changed(driver) };
    },
  };
}

const passedOn = (driver: Driver): Driver => ({
  createGroup: (group) => driver.createGroup(group),
  deleteGroup: (group) => driver.deleteGroup(group),
  listGroups: () => driver.listGroups(),
  join: (request) => driver.join(request),
  leave: (request) => driver.leave(request),
  updateCapabilities: (group, member, capabilities) => driver.updateCapabilities(group, member, capabilities),
  readGroups: (request) => driver.readGroups(request),
  beat: (request) => driver.beat(request),
  acquire: (request) => driver.acquire(request),
  release: (request) => driver.release(request),
  revoke: (lock, how) => driver.revoke(lock, how),
  inspect: (lock) => driver.inspect(lock),
  listen: (groups) => driver.listen(groups),
  close: () => driver.close(),
});
