// Runs before every page: nothing moves on a picture, what is still on its way is counted, and the
// letters are the same on every machine.
(() => {
    window.crmPending = 0;
    const count = (promise) => {
        window.crmPending++;
        promise.then(
            () => window.crmPending--,
            () => window.crmPending--
        );
    };

    const { fetch } = window;
    window.fetch = (...request) => {
        const response = fetch(...request);
        count(response);
        return response;
    };

    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (...body) {
        count(new Promise((resolve) => this.addEventListener("loadend", resolve)));
        return send.apply(this, body);
    };

    // what a tag loads when it is needed: the bundles of graphs, dashboards and the portal
    const countTag = (node) => {
        if (node.matches?.("script[src], link[rel='stylesheet']")) {
            count(
                new Promise((resolve) => {
                    node.addEventListener("load", resolve);
                    node.addEventListener("error", resolve);
                })
            );
        }
    };
    new MutationObserver((records) => {
        for (const { type, target, addedNodes } of records) {
            (type === "attributes" ? [target] : addedNodes).forEach(countTag);
        }
    }).observe(document, { attributeFilter: ["src"], childList: true, subtree: true });

    window.crmHoldStill = () => {
        const letters = Uint8Array.from(atob("$FONT"), (letter) => letter.charCodeAt(0));
        for (const family of ["Roboto", "Arial"]) {
            const font = new FontFace(family, letters, { weight: "100 900" });
            document.fonts.add(font);
            font.load();
        }
        const style = document.createElement("style");
        style.textContent = `*, *::before, *::after {
            animation: none !important;
            caret-color: transparent !important;
            scroll-behavior: auto !important;
            transition: none !important;
        }`;
        document.head.append(style);
    };
    document.addEventListener("DOMContentLoaded", window.crmHoldStill);
})();
