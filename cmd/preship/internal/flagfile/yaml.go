package flagfile

import (
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"preship/report/message"
)

// maxYAMLDepth and maxYAMLNodes bound a form: aliases can make a small file huge.
const (
	maxYAMLDepth = 32
	maxYAMLNodes = 10000
)

// JSON returns the content of a form as JSON. It converts YAML if name ends in .yaml or
// .yml, and returns anything else unchanged.
func JSON(name string, b []byte) ([]byte, error) {
	if ext := strings.ToLower(filepath.Ext(name)); ext != ".yaml" && ext != ".yml" {
		return b, nil
	}
	return yamlAsJSON(b)
}

// yamlAsJSON converts YAML to JSON. Every value except true, false and null becomes text
// as it is written, so that phone numbers and dates keep their form.
func yamlAsJSON(b []byte) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(b, &doc); err != nil {
		return nil, message.Error(message.Say("file.form.yaml"), err)
	}
	if doc.Kind == 0 {
		return []byte("{}"), nil
	}
	left := maxYAMLNodes
	v, err := plainYAML(&doc, maxYAMLDepth, &left)
	if err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

func plainYAML(n *yaml.Node, depth int, left *int) (any, error) {
	if *left--; depth == 0 || *left < 0 {
		return nil, message.Error(message.Say("file.form.deep", "line", strconv.Itoa(n.Line)), nil)
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return plainYAML(n.Content[0], depth-1, left)
	case yaml.AliasNode:
		return plainYAML(n.Alias, depth-1, left)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := plainYAML(c, depth-1, left)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		fields := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if _, twice := fields[key.Value]; twice || key.Kind != yaml.ScalarNode {
				return nil, message.Error(message.Say("file.form.field", "line", strconv.Itoa(key.Line), "field", strconv.Quote(key.Value)), nil)
			}
			v, err := plainYAML(n.Content[i+1], depth-1, left)
			if err != nil {
				return nil, err
			}
			fields[key.Value] = v
		}
		return fields, nil
	}
	return scalar(n), nil
}

func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	}
	return n.Value
}
