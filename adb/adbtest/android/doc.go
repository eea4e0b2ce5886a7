// Package android keeps the state of an emulated handset: properties, settings,
// users, apps, tables of providers, and the page on its screen. A [State] changes
// as Android changes it, by commands, by its owner, and by a factory reset, and
// publishes an [Event] for whoever has to react: the bus, the owner, the screen.
//
// The commands that read and change it are in package command, the content command
// in package provider, the screen in package screen. It knows no connection and no
// shell, and imports neither.
package android
