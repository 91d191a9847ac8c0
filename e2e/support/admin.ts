// The administrator that every product of the browser tests starts with.
export const admin = { userName: 'admin', password: 'a password for browser tests' };
