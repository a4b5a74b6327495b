// Open each of the screens and say what does not fit; the test puts the screens here.
(async () => {
    const screens = $SCREENS;
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    const isPhone = window.innerWidth < 768;
    const NEAR = 1; // pixels that no eye sees
    const NARROW = 48; // pixels in which four digits can be read
    // the columns of a board are there to be scrolled through
    const SCROLLING = ".o_content:not(:has(.o_kanban_grouped)), .o_form_sheet";

    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const all = (selector) =>
        [...document.querySelectorAll(`.o_action_manager ${selector}`)].filter(
            (element) => element.getClientRects().length
        );
    const tooWide = (element) => element.scrollWidth - element.clientWidth;

    function* findFaults() {
        for (const element of [document.documentElement, ...all(SCROLLING)]) {
            if (tooWide(element) > NEAR) {
                yield `${element.className || "page"} scrolls sideways by ${tooWide(element)} pixels`;
            }
        }
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
        for (const box of all(".o_field_float input, .o_field_monetary input")) {
            if (box.clientWidth < NARROW) {
                yield `a box for a number is ${box.clientWidth} pixels wide`;
            }
        }
        for (const value of all(".o_field_monetary > span, .o_field_date span, .o_field_datetime span")) {
            if (value.getClientRects().length > 1) {
                yield `it breaks inside: ${value.innerText}`;
            }
        }
    }

    const faults = [];
    for (const [name, request] of screens) {
        await action.doAction(request, { clearBreadcrumbs: true });
        // the bar of stages measures itself, then draws itself again
        await nextFrame();
        await nextFrame();
        await nextFrame();
        for (const fault of new Set(findFaults())) {
            faults.push(`${name}: ${fault}`);
        }
    }
    if (faults.length) {
        console.error(`${window.innerWidth} pixels:\n${faults.join("\n")}`);
    } else {
        console.log("test successful");
    }
})();
