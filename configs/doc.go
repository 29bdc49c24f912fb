// Package configs holds the config file: its types, the loader and the
// validation, and the configs that the program carries inside itself.
//
// A file is read strictly. An unknown key, a key given twice, a value of the
// wrong type or out of range is an error that names file, line and key; all
// errors of a file are reported at once, one a line, in the order of the lines.
// Every error that comes from here matches ErrConfig.
//
// A Config is complete: defaults are filled in and relative paths are resolved.
// Nothing here looks at the files that a config names.
package configs
