// Jest 27 does not show tests the fetch that Node has had since release 18, nor what belongs to it.
const NodeEnvironment = require(`${process.env.JEST_27}/jest-environment-node`);

module.exports = class extends NodeEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { fetch, Headers, Request, Response });
  }
};
