// Package message holds every sentence preship says to a person: an ID that never
// changes, arguments with names, and the words in each of [Languages].
//
// [Say] makes a [Sentence]. [Sentence.String] writes it in English, which is what
// gets signed; [Sentence.In] writes it in another language. In JSON a sentence is
// {"id":…,"args":{…}}, so that a page in any language can be written from a signed
// report. [Signed] guards that: a sentence counts only if it makes the text that was
// signed beside it.
//
// The words are in lang/<language>/<room>.json. The first word of an ID names the
// room: "backup.files.changed" is in backup.json. A translator edits these files
// alone, and needs to know three things:
//
//   - {name} stands for an argument. Every language uses the same ones.
//   - A message with forms ("one", "other", …) takes the form that fits {count}.
//     A test names the forms a language needs.
//   - "description" explains the message to the translator and is never shown.
//
// PRESHIP_UPDATE_MESSAGES=1 go test ./report/message -run Files sorts the files.
//
// Plural rules and message files are those of github.com/nicksnyder/go-i18n/v2 rather
// than golang.org/x/text/message: its files carry IDs, plural forms and a description
// for the translator and are read by the common translation programs, and its plural
// rules need no Go code per message. golang.org/x/text writes the numbers.
//
// What the package refuses: words of a report are never a template, arguments are
// inserted as they are, and no sentence is ever recognized by its English. It imports
// nothing of preship, so that every package may use it.
package message
