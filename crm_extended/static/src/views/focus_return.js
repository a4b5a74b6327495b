import { registry } from "@web/core/registry";

/**
 * After a dialog the focus returns to the button that opened it. Odoo disables the buttons of a form
 * while one works, and what is disabled loses the focus: the dialog would lead back to nowhere.
 */
export const focusReturnService = {
    dependencies: ["ui"],
    start(_env, { ui }) {
        let opener = null;
        document.addEventListener("focusin", ({ target }) => {
            if (!target.closest(".o-overlay-container")) {
                opener = target.closest("button, a");
            }
        });
        ui.bus.addEventListener("active-element-changed", ({ detail: element }) => {
            if (element === document) {
                // what the dialog says of the focus itself comes first
                setTimeout(() => returnTo(opener));
            }
        });
    },
};

function returnTo(opener) {
    if (opener?.isConnected && document.activeElement === document.body) {
        opener.focus({ preventScroll: true });
    }
}

registry.category("services").add("crm_focus_return", focusReturnService);
