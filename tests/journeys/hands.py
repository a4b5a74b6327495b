"""A user at the browser, step by step: with real clicks, which are counted, and real keys."""

import contextlib
import json

from odoo.tests.common import ChromeBrowser

# What is on the page and in sight, with this text in it.
FIND = """
    const find = () => [...document.querySelectorAll(%s)].find(
        (element) => element.getClientRects().length && element.textContent.includes(%s)
    );
"""
WAIT = """new Promise((resolve, reject) => {
    %s
    const end = Date.now() + %d;
    const look = () => {
        const found = (%s);
        if (found) {
            resolve(found);
        } else if (Date.now() > end) {
            reject(new Error('waited in vain'));
        } else {
            setTimeout(look, 40);
        }
    };
    look();
})"""
CENTRE = """(() => {
    %s
    const element = find();
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = element.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
})()"""
# Nothing in the page has changed for a moment, or it never rests.
REST = """new Promise((resolve) => {
    const observer = new MutationObserver(() => { clearTimeout(moment); moment = wait(); });
    const end = () => { observer.disconnect(); clearTimeout(latest); resolve(true); };
    const wait = () => setTimeout(end, 200);
    const latest = setTimeout(end, 5000);
    let moment = wait();
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
})"""
KEYS = {'Tab': ('Tab', 9, ''), 'Enter': ('Enter', 13, '\r'), 'Escape': ('Escape', 27, '')}
ALT = 1


PATIENCE = 60  # seconds: a page that is opened first is long in coming on a busy machine


class Hands:
    """The hands of one user; `clicks` counts since it was last set."""

    def __init__(self, browser, address):
        self.browser = browser
        self.address = address
        self.clicks = 0

    def open(self, path):
        self.browser.navigate_to(f'{self.address}{path}', wait_stop=False)
        self.wait(condition='window.odoo?.isReady === true')

    def visit(self, request):
        """Open an action in the page that is open."""
        service = 'odoo.__WOWL_DEBUG__.root.env.services.action'
        options = '{ clearBreadcrumbs: true }'
        self.look(f'{service}.doAction({json.dumps(request)}, {options}).then(() => true)')

    def look(self, code):
        """Return what JavaScript says, waiting for a promise."""
        answer = self.browser._websocket_request(
            'Runtime.evaluate',
            params={'expression': code, 'awaitPromise': True, 'returnByValue': True},
            timeout=PATIENCE + 5,
        )
        if 'exceptionDetails' in answer:
            raise AssertionError(answer['exceptionDetails']['exception'].get('description', code))
        return answer['result'].get('value')

    def wait(self, selector='body', text='', condition='!!find()'):
        find = FIND % (json.dumps(selector), json.dumps(text))
        try:
            self.look(WAIT % (find, PATIENCE * 1000, condition))
        except AssertionError as error:
            raise AssertionError(f'{selector} {text!r} {condition}: {error}') from None

    def rest(self):
        """Wait until the page is at rest: what is drawn anew loses the focus."""
        self.look(REST)

    def wait_gone(self, selector):
        self.wait(selector, condition='!find()')

    def click(self, selector, text=''):
        self.wait(selector, text)
        x, y = self.look(CENTRE % (FIND % (json.dumps(selector), json.dumps(text))))
        for kind in ('mousePressed', 'mouseReleased'):
            params = {'type': kind, 'x': x, 'y': y, 'button': 'left', 'clickCount': 1}
            self.browser._websocket_request('Input.dispatchMouseEvent', params=params)
        self.clicks += 1

    def press(self, key):
        code, number, text = KEYS[key]
        self._press(key, code, number, {'text': text} if text else {})

    def press_with_alt(self, letter):
        self._press(letter, f'Key{letter.upper()}', ord(letter.upper()), {'modifiers': ALT})

    def _press(self, key, code, number, more):
        params = {'key': key, 'code': code, 'windowsVirtualKeyCode': number}
        for event in ({**params, **more, 'type': 'keyDown'}, {**params, 'type': 'keyUp'}):
            self.browser._websocket_request('Input.dispatchKeyEvent', params=event)

    def focus(self, selector, text=''):
        """Put the cursor where the browser puts it without a click."""
        self.wait(selector, text)
        self.look(
            f'(() => {{ {FIND % (json.dumps(selector), json.dumps(text))} find().focus(); }})()'
        )

    def type(self, text):
        self.browser._websocket_request('Input.insertText', params={'text': text})

    def tab_to(self, selector, text='', most=80):
        """Press Tab until the focus is there; return the number of stops."""
        self.wait(selector, text)
        wanted = json.dumps([selector, text])
        at = f"""(() => {{
            const [selector, text] = {wanted};
            const element = document.activeElement;
            return element.matches(selector) && element.textContent.includes(text);
        }})()"""
        for stops in range(most):
            if self.look(at):
                return stops
            self.press('Tab')
        raise AssertionError(f'{most} times Tab, and never at {selector} {text!r}')


class HandsMixin:
    """For a browser test that has hands in place of a tour."""

    @contextlib.contextmanager
    def hands(self, user):
        """Open a browser in which the user is logged in."""
        browser = ChromeBrowser(self)
        with self.allow_requests(browser=browser), contextlib.ExitStack() as later:
            later.callback(self._wait_remaining_requests)
            later.callback(browser.stop)
            self.authenticate(user.login, user.login, browser=browser)
            self.cr.flush()
            self.cr.clear()
            yield Hands(browser, self.base_url())
