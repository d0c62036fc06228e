/** The types of the API speak of the server; nothing of it is used here. */
declare module "fastify";
