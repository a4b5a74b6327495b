import { evaluateBooleanExpr } from "@web/core/py_js/py";
import { patch } from "@web/core/utils/patch";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { FormController } from "@web/views/form/form_controller";
import { processButton } from "@web/views/utils";

// What is for good stands below all the rest.
const GEAR_GROUP = STATIC_ACTIONS_GROUP_NUMBER - 1;
const FOR_GOOD_GROUP = GEAR_GROUP + 0.5;

/**
 * Header buttons of the class `o_crm_gear` stand under the gear, where the header has no room for
 * what is seldom needed: shown, asked for and done as in the header. With `text-danger` they are
 * for good, red and apart. A dialog has no gear: there they stay in the header.
 */
patch(FormController.prototype, {
    /** @override */
    setup() {
        super.setup(...arguments);
        this.gearButtons = this.env.inDialog ? [] : takeGearButtons(this.archInfo.xmlDoc);
    },

    /** @override */
    get actionMenuItems() {
        const items = super.actionMenuItems;
        return { ...items, action: [...this.gearItems, ...items.action] };
    },

    get gearItems() {
        const { evalContextWithVirtualIds } = this.model.root;
        return this.gearButtons
            .filter(({ invisible }) => !evaluateBooleanExpr(invisible, evalContextWithVirtualIds))
            .map((button) => this.getGearItem(button));
    },

    getGearItem({ clickParams, className, string }) {
        const isForGood = className.includes("text-danger");
        return {
            key: `${clickParams.name} ${string}`,
            description: string,
            class: isForGood ? "text-danger" : undefined,
            groupNumber: isForGood ? FOR_GOOD_GROUP : GEAR_GROUP,
            callback: () => this.clickGearButton(clickParams),
            skipSave: true, // the click saves
        };
    },

    clickGearButton(clickParams) {
        const { context, evalContext, resModel, resId, resIds } = this.model.root;
        return this.env.onClickViewButton({
            clickParams,
            getResParams: () => ({ context, evalContext, resModel, resId, resIds }),
        });
    },
});

function takeGearButtons(xmlDoc) {
    const nodes = [...xmlDoc.querySelectorAll("header button.o_crm_gear:not(field button)")];
    nodes.forEach((node) => node.remove());
    return nodes.map(processButton);
}
