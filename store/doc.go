// Package store keeps runs in one file: what they were asked to do, how they
// stand, every event they reported, their best weights and test predictions.
//
// The file is a bbolt database, sweep.db, in a folder of its own. One process
// writes at a time, held by a lock on the file; while none does, any number may
// read. Within the writing process a Store may be used by many goroutines.
//
// Promises:
//   - A call that returned without error is on the disk; one that failed, was
//     killed or found the disk full changed nothing.
//   - The best weights, their manifest and the best event become visible in one
//     transaction. Until then the former best stays.
//   - Events of a run are numbered from 1 without a gap and come back in that
//     order; recorded numbers come back bit for bit.
//   - Every stored value carries a checksum over its place and content. Damage
//     is reported as an error that names the place, never as a crash and never
//     as wrong numbers.
//   - No callback runs while a transaction is open, so a slow reader delays nobody.
//
// The layout of the file:
//
//	meta/schema                     version of this layout
//	runs/<id>/spec                  run.Spec as JSON
//	runs/<id>/record                state, progress, best, rewinds as JSON
//	runs/<id>/notes/<seq>           blocks of state, best, log, warning and machine events
//	runs/<id>/steps/<seq>           blocks of step events, packed by column
//	runs/<id>/epochs/<seq>          one epoch event each, with its counts
//	runs/<id>/weights/<generation>/<batch>/<chunk>
//	runs/<id>/best                  manifest of the generation that counts, as JSON
//	runs/<id>/predictions           of the test split at the best epoch
//
// A block's key is the sequence number of its first event.
package store
