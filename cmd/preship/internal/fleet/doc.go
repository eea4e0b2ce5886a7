// Package fleet prepares several handsets side by side: one job for each, a few of
// them copying at a time, one question at a time to the person, and one view of it all.
// A handset whose job fails, or in whose job preship itself fails, keeps no other from
// its end. What a job does is in package job.
//
// The views are lines, a screen that is drawn in place, and NDJSON events.
package fleet
