// Package evidence asks a handset the questions of the command table and keeps each answer in
// the case, without what no report may have.
//
// It sends a question again only if that changes nothing on the handset. It knows neither steps
// nor findings, and says whether each question reached the handset.
package evidence
