// Runs before every page: nothing moves on a picture, and what is still on its way is counted.
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

    document.addEventListener("DOMContentLoaded", () => {
        const style = document.createElement("style");
        style.textContent = `*, *::before, *::after {
            animation: none !important;
            caret-color: transparent !important;
            scroll-behavior: auto !important;
            transition: none !important;
        }`;
        document.head.append(style);
    });
})();
