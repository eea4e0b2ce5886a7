// Package imei reads the numbers that identify a handset on the mobile network: IMEI,
// IMEISV and MEID.
//
// [Read] returns the form of a number and refuses placeholders and the numbers of test
// handsets. [LuhnOK] checks the check digit. [Plain] removes the separators that people
// and scanners write.
//
// The package neither corrects a number nor derives one from another. It imports only
// [preship/report/printable], so that the handset's side and the report's side share it.
package imei
