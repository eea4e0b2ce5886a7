// Package outlook says what a job will meet, before anything is asked of a person: what
// stops it, what will be lost, what the person must do, in which order, and how long
// copying takes.
//
// [Facts] are what package job has read of the handset and of the computer; [Facts.Outlook]
// judges them. A blocker is what would stop the job later for certain, so that nobody signs
// out of an account, or waits for a copy, for nothing. A loss that a flag has accepted is no
// blocker, and neither is one that a person can be asked about.
//
// The package reads nothing itself, asks nothing, and prints nothing.
package outlook
