// Open each of the screens and say what does not fit, and what keeps people with a disability out.
// The test puts in the screens, the violations that Odoo's own screens have, and where axe-core is.
(async () => {
    const { screens, stockScreens, known, axeSource } = $WANTED;
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    const isPhone = window.innerWidth < 768;
    const NEAR = 1; // pixels that no eye sees
    const NARROW = 48; // pixels in which four digits can be read
    // the columns of a board are there to be scrolled through
    const SCROLLING = ".o_content:not(:has(.o_kanban_grouped)), .o_form_sheet";
    // an amount, a day, an hour, a number: short and with digits
    const IN_ONE_PIECE = /^(?=.*\d).{1,18}$/;
    const CALENDAR = ".o_calendar_view, .o_datetime_picker"; // Odoo's own grid of days
    const LINE = 10; // what lies further below stands on the next line, in pixels
    const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const isShown = (element) => element.getClientRects().length > 0;
    const tooWide = (element) => element.scrollWidth - element.clientWidth;
    const settle = async () => {
        // a board on a phone draws its cards later
        for (let frames = 0; document.querySelector(".o_content:empty") && frames < 200; frames++) {
            await nextFrame();
        }
        // the bar of stages measures itself, then draws itself again
        await nextFrame();
        await nextFrame();
        await nextFrame();
    };

    function findWhatSticksOut(element) {
        const right = element.getBoundingClientRect().left + element.clientWidth + NEAR;
        const outside = [...element.querySelectorAll("*")].filter(
            (inner) => inner.getBoundingClientRect().right > right
        );
        return outside.at(-1)?.outerHTML.slice(0, 160);
    }

    function* findWide(root) {
        for (const element of [root.ownerDocument.documentElement, ...root.querySelectorAll(SCROLLING)]) {
            if (isShown(element) && tooWide(element) > NEAR) {
                const name = element.className || "page";
                const what = findWhatSticksOut(element);
                yield `${name} scrolls sideways by ${tooWide(element)} pixels: ${what}`;
            }
        }
    }

    function* findCrowdedHeader(all) {
        const inHeader = all(".o_form_statusbar button:not(.d-none)");
        const tops = inHeader.map((element) => element.getBoundingClientRect().top);
        const heights = inHeader.map((element) => element.offsetHeight);
        if (Math.max(...tops) - Math.min(...tops) > Math.min(...heights) / 2) {
            yield `the header has two rows: ${inHeader.map((element) => element.innerText)}`;
        }
        const hidden = ".o_statusbar_status .o_arrow_button.d-none:not(.dropdown-toggle)";
        if (!isPhone && document.querySelectorAll(hidden).length) {
            yield "a stage is hidden";
        }
    }

    function* findCutTitles(all) {
        for (const title of all(".oe_title h1 input")) {
            if (!isPhone && tooWide(title) > NEAR) {
                yield `the title is cut: ${title.value}`;
            }
        }
        const ribbon = all(".ribbon")[0]?.getBoundingClientRect();
        for (const title of ribbon ? all(".oe_title h1 input, .oe_title h1 span") : []) {
            const box = title.getBoundingClientRect();
            if (box.right > ribbon.left + NEAR && box.top < ribbon.bottom - NEAR) {
                yield "a ribbon lies over the title";
            }
        }
    }

    function* findNarrowBoxes(all) {
        for (const box of all(".o_field_float input, .o_field_monetary input")) {
            if (box.clientWidth < NARROW) {
                yield `a box for a number is ${box.clientWidth} pixels wide`;
            }
        }
    }

    function* findBroken(root) {
        const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const text = walker.currentNode.data.trim();
            if (walker.currentNode.parentElement.closest(CALENDAR)) {
                continue;
            }
            const range = root.ownerDocument.createRange();
            range.selectNodeContents(walker.currentNode);
            const ends = [...range.getClientRects()].map((rect) => rect.bottom);
            if (IN_ONE_PIECE.test(text) && Math.max(...ends) - Math.min(...ends) > LINE) {
                yield `it breaks inside: ${text}`;
            }
        }
    }

    function* findWrongStart(all, phoneHides) {
        const cards = all(".o_kanban_record").map((card) => card.textContent);
        if (isPhone && phoneHides && !(cards.length && !cards.join().includes(phoneHides))) {
            yield `it shows ${cards.length} cards, and ${phoneHides} among them`;
        }
    }

    function findFaults(root, phoneHides) {
        const all = (selector) => [...root.querySelectorAll(selector)].filter(isShown);
        return new Set([
            ...findWide(root),
            ...findCrowdedHeader(all),
            ...findCutTitles(all),
            ...findNarrowBoxes(all),
            ...findBroken(root),
            ...findWrongStart(all, phoneHides),
        ]);
    }

    // What fades in is pale for a moment.
    function stopAnimations(target) {
        const style = target.document.createElement("style");
        style.textContent = "* { transition: none !important; animation: none !important; }";
        target.document.head.append(style);
    }

    async function loadAxe(target) {
        if (axeSource && !target.axe) {
            const script = target.document.createElement("script");
            script.src = axeSource;
            const loaded = new Promise((resolve) => script.addEventListener("load", resolve));
            target.document.head.append(script);
            await loaded;
        }
    }

    // Return what axe-core finds as [rule, element, sentence].
    async function findViolations(target, root) {
        if (!axeSource) {
            return [];
        }
        const { violations } = await target.axe.run(root, {
            runOnly: RULES,
            resultTypes: ["violations"],
            elementRef: true,
        });
        return violations.flatMap(({ id, help, nodes }) =>
            nodes.map(({ element, html }) => [id, element, `${id} (${help}): ${html.slice(0, 160)}`])
        );
    }

    // Call look(screen, window, root) with each screen while it is open.
    async function visit(wanted, look) {
        for (const screen of wanted) {
            const visitOne = screen.url ? visitPage : visitAction;
            await visitOne(screen, (target, root) => look(screen, target, root));
        }
    }

    async function visitAction({ request, context }, look) {
        await action.doAction(request, { clearBreadcrumbs: true, additionalContext: context });
        await settle();
        const dialog = document.querySelector(".o_dialog");
        await look(window, dialog || document.querySelector(".o_action_manager"));
        if (dialog) {
            await action.doAction({ type: "ir.actions.act_window_close" });
            await settle();
        }
    }

    async function visitPage({ url }, look) {
        const frame = document.createElement("iframe");
        frame.style.cssText = "position: fixed; inset: 0; width: 100vw; height: 100vh; z-index: 9999";
        frame.title = url;
        frame.src = url;
        const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
        document.body.append(frame);
        await loaded;
        stopAnimations(frame.contentWindow);
        await loadAxe(frame.contentWindow);
        await look(frame.contentWindow, frame.contentDocument.documentElement);
        frame.remove();
    }

    const faults = [];
    stopAnimations(window);
    await loadAxe(window);
    await visit(screens, async ({ name, phoneHides }, target, root) => {
        for (const fault of findFaults(root, phoneHides)) {
            faults.push(`${name}: ${fault}`);
        }
        for (const [rule, element, sentence] of await findViolations(target, root)) {
            if (!known[rule] || !element.matches(known[rule])) {
                faults.push(`${name}: ${sentence}`);
            }
        }
    });
    const inStock = new Set();
    await visit(stockScreens, async (_screen, target, root) => {
        for (const [rule, element] of await findViolations(target, root)) {
            if (known[rule] && element.matches(known[rule])) {
                inStock.add(rule);
            }
        }
    });
    for (const rule of stockScreens.length ? Object.keys(known) : []) {
        if (!inStock.has(rule)) {
            faults.push(`Odoo's own screens keep to ${rule}: then so do ours`);
        }
    }
    if (faults.length) {
        console.error(`${window.innerWidth} pixels:\n${[...new Set(faults)].join("\n")}`);
    } else {
        console.log("test successful");
    }
})();
