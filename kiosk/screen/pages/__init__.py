"""The pages, one a module; each is built once and then told what to say."""
