import { reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { PhoneCalls } from "./phone_calls";

const NOTIFICATION = "crm_extended.phone_call";

/**
 * The calls that ring at the user or that he answered: the server says which, and this page asks
 * with his own rights who it is.
 */
export const phoneService = {
    dependencies: ["bus_service", "orm"],

    start(env, { bus_service: bus, orm }) {
        const calls = reactive({});

        async function show(id) {
            calls[id] = false; // asked for
            const card = await orm.silent.call("crm.call", "action_get_phone_card", [id]);
            if (id in calls) {
                calls[id] = card;
            }
        }

        function follow({ call_id: id, state, user_id: userId }) {
            if (state === "answered" && userId && userId !== user.userId) {
                delete calls[id]; // a colleague has it
            } else if (calls[id]) {
                calls[id].state = state;
            } else if (!(id in calls) && ["ringing", "answered"].includes(state)) {
                show(id);
            }
        }

        bus.subscribe(NOTIFICATION, follow);
        bus.start();
        registry.category("main_components").add("crm_extended.PhoneCalls", {
            Component: PhoneCalls,
            props: { calls },
        });
        return { calls, follow };
    },
};

registry.category("services").add("crm_phone", phoneService);
