// Package casetest makes cases, jobs and intake forms for the tests of the rooms that
// seal, verify and show a report.
//
// It refuses nothing: what it makes is what a job that went well leaves behind, and the
// test spoils it by a [Change].
package casetest
