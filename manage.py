#!/usr/bin/env python
"""Wegwijs from the command line."""

import os
import sys

from django.core.management import execute_from_command_line

from mentoring.management.commands.up import read_environment

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    if sys.argv[1:2] == ["up"] and not {"-h", "--help"} & set(sys.argv):
        read_environment(sys.argv[2:])
    execute_from_command_line(sys.argv)
