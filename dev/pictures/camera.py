"""A browser that is looked at once it has come to rest: nothing on its way, nothing moving."""

import base64
import io
import json
import time
from pathlib import Path

from PIL import Image

from odoo.tests.common import HOST, ChromeBrowser

from .files import get_font

BEFORE_EVERY_PAGE = Path(__file__).with_name('camera.js').read_text(encoding='utf-8')
AT_REST = """
    document.readyState === 'complete' && window.crmPending === 0
    && document.fonts.status === 'loaded'
    && [...document.images].every((image) => image.complete)
    && (window.odoo?.isReady || !document.querySelector('.o_web_client'))
    && !document.querySelector('.o_loading_indicator, .o_blockUI')
"""
MOUSE = 'Input.dispatchMouseEvent'
SIDES = (('x', 'width'), ('y', 'height'))
PATIENCE = 60
LOOKS = 3  # as many equal looks in turn and the screen has come to rest


class Camera:
    """Opens addresses for one user at a time, where they live, and looks at what comes."""

    def __init__(self, case, locale, zone):
        self.case = case
        self.browser = ChromeBrowser(case, headless=True)
        font = base64.b64encode(get_font().read_bytes()).decode()
        script = BEFORE_EVERY_PAGE.replace('$FONT', font)
        self._ask('Page.addScriptToEvaluateOnNewDocument', source=script)
        self._ask(
            'Emulation.setEmulatedMedia',
            features=[{'name': 'prefers-reduced-motion', 'value': 'reduce'}],
        )

        self._ask('Emulation.setScrollbarsHidden', hidden=True)
        self._ask('Emulation.setLocaleOverride', locale=locale)
        self._ask('Emulation.setTimezoneOverride', timezoneId=zone)

    def close(self):
        self.browser.stop()

    def show(self, size, transparent=False):
        """Have a screen of so many pixels, a phone where it is narrow."""
        width, height = size
        self._ask(
            'Emulation.setDeviceMetricsOverride',
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 576,
        )
        color = {'color': {'r': 0, 'g': 0, 'b': 0, 'a': 0}} if transparent else {}
        self._ask('Emulation.setDefaultBackgroundColorOverride', **color)

    def enter(self, login):
        """Come back as another user, or as nobody."""
        self.case.authenticate(login, login)
        self.browser.set_cookie('session_id', self.case.session.sid, '/', HOST)

    def leave(self):
        """Close the page, with all that it still asks for."""
        self.browser.navigate_to('about:blank', wait_stop=True)

    def open(self, address):
        self.browser.navigate_to(address)
        return self.look()

    def draw(self, page):
        """Look at a page that needs no server: its HTML, with everything that it shows inside."""
        self.leave()
        self.run(f'document.documentElement.innerHTML = {json.dumps(page)}; crmHoldStill()')
        return self.look()

    def click(self, selector):
        """Click what a selector finds, as soon as it is there, and take the mouse away."""
        wanted = f'document.querySelector({json.dumps(selector)})'
        self._wait_for(f'Boolean({wanted})', f'there is no {selector}')
        self.run(f"{wanted}.scrollIntoView({{ block: 'nearest' }})")
        box = f'{wanted}.getBoundingClientRect()'
        place = {axis: self.run(f'{box}.{axis} + {box}.{side} / 2') for axis, side in SIDES}
        for kind in ('mousePressed', 'mouseReleased'):
            self._ask(MOUSE, type=kind, button='left', clickCount=1, **place)
        self._ask(MOUSE, type='mouseMoved', x=0, y=0)
        return self.look()

    def run(self, script):
        """Return what a script on the page answers."""
        answer = self._ask(
            'Runtime.evaluate', expression=script, awaitPromise=True, returnByValue=True
        )
        if 'exceptionDetails' in answer:
            raise AssertionError(f'{script}: {answer["exceptionDetails"]}')
        return answer['result'].get('value')

    def look(self):
        """Return what is seen once it stays the same, with no text selected."""
        self.run('document.activeElement?.blur()')
        self._wait_for(AT_REST, 'the page does not come to rest')
        deadline = time.monotonic() + PATIENCE
        seen, equal = self._shoot(), 1
        while equal < LOOKS:
            if time.monotonic() > deadline:
                raise AssertionError('something on the screen never stops moving')
            before, seen = seen, self._shoot()
            equal = equal + 1 if seen == before and self.run(AT_REST) else 1
        return Image.open(io.BytesIO(base64.b64decode(seen)))

    def _wait_for(self, condition, complaint):
        deadline = time.monotonic() + PATIENCE
        while not self.run(condition):
            if time.monotonic() > deadline:
                raise AssertionError(f'{complaint}: {self.run("location.href")}')
            self._shoot()  # takes a moment, and draws the page

    def _shoot(self):
        return self._ask('Page.captureScreenshot', format='png')['data']

    def _ask(self, method, **params):
        return self.browser._websocket_request(method, params=params, timeout=PATIENCE)
