package main

import (
	"fmt"
	y "gopkg.in/yaml.v3"
)
