"""Our CloudFormation resources, one module a concern. Names start with `Infra`: `chalice package` merges by
name and a collision would be silent."""
