package main

import (
	"context"

	"preship/adb"
)

// client is a client of the adb server the environment names. start lets it
// start one where none answers.
func (g *globals) client(start bool) (*adb.Client, error) {
	client, err := adb.New(adb.Options{Addr: g.adbAddr, Start: start && g.adbAddr == ""})
	if err != nil {
		return nil, usagef("%v", err)
	}
	return client, nil
}

// server is a client of an adb server that answers. One that preship had to start
// goes on running, and none is ever stopped.
func (g *globals) server(ctx context.Context, e *env) (*adb.Client, error) {
	client, err := g.client(true)
	if err != nil {
		return nil, err
	}
	started, err := client.Ensure(ctx)
	if err != nil {
		return nil, err
	}
	if started {
		e.Say("started the adb server")
	}
	return client, nil
}

// serverFor is server, for a job.
func (g *globals) serverFor(e *env) func(context.Context) (*adb.Client, error) {
	return func(ctx context.Context) (*adb.Client, error) { return g.server(ctx, e) }
}
