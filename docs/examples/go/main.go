// Reads an `issue` object of test/vectors/tokens.json, prints the token: go run . < issue.json
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	var request Request
	err := json.NewDecoder(os.Stdin).Decode(&request)
	if err == nil {
		var token string
		if token, err = Mint(request); err == nil {
			fmt.Println(token)
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
