// Package console is the terminal that a person sits at: messages, questions, progress,
// widths and colours. It knows no command and no step of the job, and decides no exit
// code.
//
// Its rules:
//
//   - Data goes to standard output, everything else to standard error.
//   - Text from a handset, a file or a report is escaped: no control character,
//     no direction override and no invalid UTF-8 reaches the terminal.
//   - Off a terminal there is no colour and no animation; NO_COLOR and TERM=dumb
//     are kept.
//   - A question is asked only on a terminal. Elsewhere the error names the flag
//     that answers it.
//
// [Person] is the person there, as a job speaks with them.
package console
