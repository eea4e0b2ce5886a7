// Package testrun writes a report as a test run, in the formats that build servers read:
// JUnit XML and the Common Test Report Format.
//
// A check is a test. The package refuses to call one passed that was not answered: an
// unknown answer is failed if the handset may not be posted without it, and skipped if not.
package testrun
