/** The JavaScript of a source, at most compiled once for all processes; types are not checked. */
export declare function compiled(file: string): Promise<string>;
