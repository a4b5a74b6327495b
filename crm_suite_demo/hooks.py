from .story.story import Story


def post_init_hook(env):
    """Let a company work for twelve months, until the moment of the installation."""
    Story(env).tell()
