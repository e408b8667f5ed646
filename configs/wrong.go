package configs

import (
	"errors"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/strictyaml"
)

// Problem is a mistake by key, value and what is allowed, not yet placed in a file.
type Problem = conv.Problem

// wrong places problems in a file; prefix is the path of the keys' parent. Data that comes from no file gets the
// problems as they are.
func wrong(p *strictyaml.Positions, prefix string, problems []Problem) error {
	if p == nil {
		return conv.Problems(problems)
	}
	list := make([]strictyaml.Error, len(problems))
	for i, one := range problems {
		list[i] = p.Error(prefix+one.Key, one.Value, one.Allowed)
	}
	return p.Wrap(list)
}

// locate places the problems that an error consists of; other errors stay as they are.
func locate(p *strictyaml.Positions, prefix string, err error) error {
	var problems conv.Problems
	if errors.As(err, &problems) {
		return wrong(p, prefix, problems)
	}
	return err
}
