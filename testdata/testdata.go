// Package testdata embeds the profiles of emulated handsets, so that the shipped
// program can serve them. It holds data alone; package adbtest gives it meaning.
package testdata

import "embed"

// HandsetDir is the folder within Handsets that holds the profiles.
const HandsetDir = "handsets"

// Handsets holds one txtar archive a handset: HandsetDir/NAME.txtar.
//
//go:embed handsets/*.txtar
var Handsets embed.FS
