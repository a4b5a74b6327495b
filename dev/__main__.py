"""Entry point of the Makefile: ``python -m dev <command>``."""

import errno
import shutil
import signal
import sys

from . import (
    benching,
    checking,
    coexisting,
    console,
    manual,
    mutation,
    paths,
    picturing,
    postgres,
    server,
    testing,
)

HELP = """\
make serve    a real Odoo 19 with the four addons and a demo company, on PORT (default 8069)
make test     every test; T=crm_claims or T=path for a part, T=core for the rules without Odoo,
              BROWSER=0 without a browser, MORE=1 what wants further applications
make coexist  Odoo's own suites with the four addons installed (five minutes); OCA=1: the
              tests of the community's addons
make lint     style, XML, Spanish and the manual; FIX=1 repairs what can be repaired
make docs     the manual as a site, in English and in Spanish
make mutate   change the rules of core/ line by line: do their tests notice?
make bench    speed against Odoo's own way, as ratios; SIZE=S, M or L, T=case for one, ROUNDS=n
make pictures takes the pictures of manual and store from today's screens; T=home_sales for one
make shell    a Python prompt with env on the served database
make update   upgrade the addons in the served database
make stop     stop the server and its PostgreSQL
make clean    stop, and remove everything that was set up or downloaded

ODOO_HOME=/path/to/odoo uses an Odoo 19 that you have; PYTHON=/path/to/python3 chooses Python;
HOST=0.0.0.0 serves other machines too (the login is admin/admin: mind who can reach it).
State lives in .local; an interrupted set-up continues where it stopped."""


def clean():
    """Remove all state of this clone."""
    server.stop()
    postgres.destroy_all()
    shutil.rmtree(paths.STATE, ignore_errors=True)
    console.say('Clean: the next make serve starts from nothing.')
    return 0


def show_help():
    console.say(HELP)
    return 0


COMMANDS = {
    'serve': server.serve,
    'test': testing.test,
    'coexist': coexisting.coexist,
    'lint': checking.lint,
    'docs': manual.docs,
    'mutate': mutation.mutate,
    'bench': benching.bench,
    'pictures': picturing.pictures,
    'shell': server.shell,
    'update': server.update,
    'stop': server.stop,
    'clean': clean,
    'help': show_help,
}


def main(arguments):
    command = COMMANDS.get(arguments[0] if arguments else 'help')
    if not command:
        return console.fail(f'There is no command {arguments[0]}: make help lists them.')
    # A shell starts what it runs in the background deaf to Ctrl-C.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        return command()
    except console.Failure as failure:
        return console.fail(failure)
    except KeyboardInterrupt:
        console.fail('Interrupted: run the same command again, it continues where it stopped.')
        return 130
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return console.fail('The disk is full: free at least 3 GB and run this again.')
        raise


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
