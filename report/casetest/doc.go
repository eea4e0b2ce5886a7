// Package casetest makes cases, jobs and intake forms for the tests of the rooms that
// seal, verify and show a report.
//
// It refuses nothing: it makes the case of a job that went well, and the
// test spoils it by a [Change].
package casetest
