// A record in the list of a desktop or on the cards of a phone.
export const row = (text) =>
    `.o_data_row:contains('${text}') .o_data_cell[name=name], .o_kanban_record:contains('${text}')`;
export const ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)";

// Where the screen is too small for all the buttons, the rest is behind a menu.
function unfold(selector, text, menu) {
    return {
        trigger: `${menu.area}:not(.o_invisible_modifier)`,
        run() {
            const shown = [...document.querySelectorAll(selector)];
            if (!shown.some((button) => button.textContent.includes(text))) {
                document.querySelector(menu.toggle).click();
            }
        },
    };
}

export function clickHeaderButton(label) {
    const buttons = ".o_statusbar_buttons button";
    const toggle = `${buttons}:has(.oi-ellipsis-v)`;
    return [
        unfold(buttons, label, { area: ".o_statusbar_buttons", toggle }),
        {
            content: `click ${label}`,
            trigger: `${buttons}:contains('${label}'), .o-dropdown-item-unstyled-button button:contains('${label}')`,
            run: "click",
        },
    ];
}

// What has no room in the header of a form stands under the gear.
export function clickGearItem(label) {
    return [
        { trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)", run: "click" },
        {
            content: `choose ${label}`,
            trigger: `.o-dropdown--menu .o_menu_item:contains('${label}')`,
            run: "click",
        },
    ];
}

export function clickSmartButton(name, ...texts) {
    const contains = texts.map((text) => `:contains('${text}')`).join("");
    return [
        unfold(`button[name=${name}]`, "", { area: ".o-form-buttonbox", toggle: ".o_button_more" }),
        {
            content: `click ${name} that shows ${texts}`,
            trigger: `button[name=${name}]${contains}`,
            run: "click",
        },
    ];
}
