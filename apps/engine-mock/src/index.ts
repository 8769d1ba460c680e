// Nothing is exported yet; the README says what will live here.
export {};
