package job

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"preship/adb"
	"preship/report/message"
)

// pick picks the handset with a serial, or the only one. If several are connected and no
// serial is given, it asks the person which one.
func (j *Job) pick(ctx context.Context, serial string) (*adb.Device, adb.DeviceInfo, error) {
	device, info, err := j.client.Pick(ctx, serial)
	several := (*adb.ManyDevicesError)(nil)
	if !errors.As(err, &several) || !j.person.CanAsk() {
		return device, info, err
	}
	list := make([]message.Sentence, len(several.Devices))
	for i, d := range several.Devices {
		name := strings.TrimSpace(d.Serial + " " + strings.ReplaceAll(d.Model, "_", " "))
		list[i] = message.Say("job.pick.row", "number", strconv.Itoa(i+1), "handset", name)
	}
	j.say(message.Say("job.pick"))
	for _, row := range list {
		j.say(row)
	}
	for {
		answer, askErr := j.person.Ask(ctx, Question{Flag: "--serial", Text: message.Say("job.pick.ask", "last", fmt.Sprint(len(list)))})
		if askErr != nil {
			return nil, adb.DeviceInfo{}, askErr
		}
		if answer == "" {
			return nil, adb.DeviceInfo{}, err
		}
		if n, numErr := strconv.Atoi(answer); numErr == nil && n >= 1 && n <= len(list) {
			return j.client.Pick(ctx, several.Devices[n-1].Serial)
		}
	}
}
