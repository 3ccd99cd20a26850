"""Who asked the fire service to be helped first in an emergency, and where rivers flood."""
