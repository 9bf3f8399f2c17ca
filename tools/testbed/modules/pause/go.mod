module observability.kit/pause

go 1.26.0
