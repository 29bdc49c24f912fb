// Package data brings labelled images to the training loop.
//
// The way of an image: ReadManifest finds the videos and frames of an AI-Hub
// folder, or the rows of CSV files; Choose applies the rule for frequent label
// combinations; every chosen frame is decoded and resized once into a
// memory-mapped cache; Split divides the images; a Loader yields batches whose
// pixels are views of the cache. Prepare does all of it, once: a second call
// finds the finished folder and only checks that no source file has changed.
//
// Every random choice is keyed by the seed and the name of what it concerns, so
// the outcome does not depend on threads or on the order of the file system.
//
// Pixels are RGB bytes, rows from the top, Size·Size·3 of them an image.
package data
