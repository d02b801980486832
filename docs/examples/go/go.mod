module example.com/edgepass-token

go 1.19
