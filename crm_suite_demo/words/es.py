"""Una empresa que vende, atiende y mantiene máquinas de bodegas y talleres."""

ZONE = 'Europe/Madrid'
COUNTRY = 'es'
COMPANY = {
    'name': 'Maquinaria Ribera',
    'street': 'Polígono Las Viñas, 14',
    'city': 'Aranda de Duero',
    'zip': '09400',
    'phone': '+34 947 000 100',
    'email': 'oficina@ribera.example.com',
    'website': 'https://ribera.example.com',
}
LOGO = 'ribera.png'
TAX = ('IVA 21 %', 21.0)
PHONE = ('+34 6', 8)
PRODUCTS = {
    'maintenance': ('Mantenimiento, tarifa plana', 350.0, True),
    'support': ('Asistencia remota', 320.0, True),
    'rental': ('Alquiler de una llenadora', 340.0, True),
    'inspection': ('Inspección de depósitos a presión', 780.0, True),
    'warranty': ('Garantía ampliada', 2200.0, True),
    'hour': ('Hora de técnico', 58.0, True),
    'bottling': ('Embotellado móvil, 1.000 botellas', 42.0, True),
    'project': ('Instalación de una línea', 9800.0, True),
    'press': ('Prensa neumática de 25 hl', 8600.0, False),
    'pump': ('Bomba de vendimia con tolva', 2900.0, False),
    'filler': ('Llenadora de 12 caños', 11800.0, False),
    'filter': ('Filtro tangencial', 6400.0, False),
    'compressor': ('Compresor de tornillo de 15 kW', 7300.0, False),
    'tank': ('Depósito con camisa de frío de 5.000 l', 4100.0, False),
}
PEOPLE = {
    'sales': 'Lucía Herrero',
    'sales2': 'Álvaro Nieto',
    'salesmanager': 'Carmen Valdés',
    'agent': 'Sergio Molina',
    'servicemanager': 'Nuria Pascual',
    'contracts': 'Óscar Beltrán',
    'accountant': 'Elena Crespo',
    'admin': 'Teresa Ribera',
    'customer': 'Pilar Santamaría',
}
SALES_TEAM, SUPPORT_TEAM, CLAIMS_TEAM = 'Máquinas y servicio', 'Soporte técnico', 'Posventa'
PLACES = [
    'Alba', 'Almazán', 'Aranda', 'Arlanza', 'Arnedo', 'Barbadillo', 'Berlanga', 'Briones',
    'Cenicero', 'Cervera', 'Covarrubias', 'Cuéllar', 'Ezcaray', 'Fuentecén', 'Gumiel', 'Haro',
    'Laguardia', 'La Horra', 'Langa', 'Lerma', 'Medina', 'Milagros', 'Nájera', 'Nava', 'Olmedo',
    'Osma', 'Pedraza', 'Peñafiel', 'Pesquera', 'Quintanilla', 'Roa', 'Rueda', 'San Asensio',
    'Sepúlveda', 'Sotillo', 'Tordesillas', 'Toro', 'Tudela', 'Vadocondes', 'Valbuena', 'Vegas',
    'Villalba', 'Viana', 'Zazuar',
]  # fmt: skip
KINDS = ('Bodegas {}', 'Cervecera {}', 'Talleres {}')
SUPPLIERS = [
    'Bombas del Norte', 'Juntas y Retenes Duero', 'Motores Castilla', 'Calderería Soria',
]  # fmt: skip
STREETS = ('Calle Mayor, {}', 'Camino del Molino, {}', 'Avenida de Castilla, {}', 'Plaza Nueva, {}')
CITIES = (
    'Burgos', 'Valladolid', 'Logroño', 'Soria', 'Peñafiel', 'Aranda de Duero', 'Haro', 'Segovia',
)  # fmt: skip
FUNCTIONS = (
    'Gerente', 'Responsable de producción', 'Compras', 'Jefe de mantenimiento', 'Administración',
)  # fmt: skip
FIRST_NAMES = (
    'Adela', 'Alberto', 'Ana', 'Andrés', 'Beatriz', 'Carlos', 'Clara', 'Daniel', 'Diego', 'Eva',
    'Fernando', 'Gonzalo', 'Inés', 'Irene', 'Javier', 'Jorge', 'Julia', 'Laura', 'Luis', 'Marta',
    'Miguel', 'Mónica', 'Pablo', 'Paula', 'Raquel', 'Raúl', 'Rosa', 'Sara', 'Tomás', 'Víctor',
)  # fmt: skip
LAST_NAMES = (
    'Alonso', 'Arranz', 'Blanco', 'Cabrero', 'Calvo', 'Castro', 'de la Fuente', 'Díez', 'Esteban',
    'Frías', 'García', 'Gil', 'Gutiérrez', 'Hernando', 'Iglesias', 'Lázaro', 'Llorente', 'Marcos',
    'Martín', 'Merino', 'Ortega', 'Peña', 'Redondo', 'Rojo', 'Sanz', 'Tejedor', 'Vela', 'Zapatero',
)  # fmt: skip

# === SALES === #

CAMPAIGNS = {
    'spring_fair': 'Feria de maquinaria de Burgos',
    'autumn_fair': 'Jornadas de la vendimia',
    'search': 'Anuncios en buscadores: prensas y bombas',
    'radio': 'Radio local, vendimia',
    'checkup': 'Boletín: puesta a punto antes de la vendimia',
    'winter': 'Oferta de invierno de contratos',
}
CARDS_FILE, CARDS_SUBJECT = 'feria.vcf', 'Contacto de la feria'
FORMS = {'offer': 'Pedir una oferta', 'winter': 'Oferta de invierno de contratos'}
PHONE_LINE = 'Oficina'
CADENCE = 'Tras la primera conversación'
CADENCE_MAIL = (
    'Lo que hablamos',
    '<p>Buenos días, {{ object.contact_name or "" }}:</p><p>Aquí tiene las cifras que le prometí. '
    'Le llamaré en los próximos días.</p>',
)
CADENCE_CALL, CADENCE_TASK = 'Preguntar qué les parecen las cifras', 'Enviar las referencias'
LOST_REASONS = (
    'Demasiado caro',
    'Compró a otro proveedor',
    'Aplazado al año que viene',
    'Entregamos demasiado tarde',
    'Ya no contesta',
    'No es lo nuestro',
)
INQUIRIES = (
    ('Prensa para la próxima vendimia', 'press', 8600),
    ('Segunda bomba de vendimia', 'pump', 2900),
    ('Llenadora para lotes pequeños', 'filler', 11800),
    ('Filtro tangencial en lugar de tierras', 'filter', 6400),
    ('Compresor para el taller nuevo', 'compressor', 7300),
    ('Dos depósitos con frío', 'tank', 8200),
    ('Mantenimiento de todas las máquinas', 'maintenance', 4200),
    ('Traslado de la línea de embotellado', 'project', 9800),
    ('Sustitución de la prensa vieja', 'press', 9400),
    ('Frío para la sala de fermentación', 'tank', 12300),
    ('Aspiración con compresor', 'compressor', 8800),
    ('Alquiler de llenadora en otoño', 'rental', 2050),
    ('Inspección de seis depósitos', 'inspection', 3100),
    ('Línea de latas', 'filler', 18400),
)
REQUESTS = (
    'Querríamos una oferta, con transporte y puesta en marcha.',
    '¿Cuánto costaría y en qué plazo podrían entregarla?',
    'Llámennos por la mañana, antes de las diez si es posible.',
    'La vimos en casa de un vecino y queremos la misma.',
    'La necesitamos antes de que empiece la campaña.',
)
CALLS = ('Primera conversación', 'Dudas de la oferta', 'Fecha de la visita', 'Plazo de entrega')
CARE_CALLS = ('¿Qué tal funciona?', 'Repuestos para la campaña', 'Formación', 'Visita')
CALL_NOTES = (
    'Quiere las cifras por escrito antes del viernes.',
    'Decide con su socio a final de mes.',
    'Compara con un competidor; el precio no lo es todo.',
    'Pregunta si recogemos la máquina vieja.',
    'Todo va bien; piensa en una segunda máquina el año que viene.',
    'Antes le gustaría ver una trabajando.',
    'El presupuesto está aprobado, decide el plazo.',
)
NEXT_STEPS = (
    ('todo', 'Enviar el plano'),
    ('email', 'Reenviar la oferta con la fecha nueva'),
    ('call', 'Preguntar por la decisión'),
    ('todo', 'Pedir a producción la fecha de entrega'),
)
MEETINGS = ('Visita', 'Demostración', 'Repasar la oferta', 'Medir en sus instalaciones')

# === CONTRACTS === #

CONTRACTS = {
    'maintenance': ('Mantenimiento', 'Mantenimiento de todas las máquinas, dos visitas al año'),
    'support': ('Asistencia remota', 'Asistencia remota con 24 horas al año'),
    'rental': ('Alquiler', 'Alquiler de llenadoras'),
    'inspection': ('Inspecciones', 'Inspección de los depósitos a presión'),
    'warranty': ('Garantía ampliada', 'Garantía ampliada, repuestos incluidos'),
    'project': ('Línea nueva', 'Línea nueva', 'pedido', 'entrega', 'puesta en marcha'),
    'bottling': ('Embotellado móvil', 'Embotellado, 1.000 botellas'),
    'hours': ('Trabajos por horas', ''),
}
CONTRACT_TERMS = 'Atención en días laborables. Desplazamiento incluido, repuestos aparte.'
INDEX = ('Índice de precios al consumo', 'El INE, a mediados del mes siguiente')
GROWN, SHRUNK = 'Se incluye una segunda máquina.', 'Se vendió una máquina y baja el precio.'
CLOSED = 'La empresa cierra su propia bodega.'
CONVERSION = ('Reforma del control', 1450.0)
OLD_ACCOUNT = 'Ventas de reformas, hasta el año pasado'
WORK = (
    'Ajuste de válvulas',
    'Ayuda remota',
    'Visita',
    'Programación',
    'Puesta en marcha',
    'Prueba',
)
PARTS = ('Juntas y retenes', 'Motor', 'Armario de control', 'Tubería de acero', 'Sensores')

# === SERVICE === #

CATEGORIES = {
    'machine': 'Máquinas',
    'parts': 'Repuestos',
    'control': 'Control y programas',
    'office': 'Facturas y contratos',
}
POLICIES = {'urgent': 'Máquina parada', 'high': 'Alta: media jornada', 'normal': 'En el día'}
MACROS = (
    ('Pedir el número de serie', 'Díganos, por favor, el número de serie de la placa.', 'waiting'),
    ('El repuesto va en camino', 'La pieza ha salido hoy y le llega en tres días.', 'solved'),
    ('Visita prevista', 'Irá nuestro técnico. Le confirmaremos la fecha.', 'open'),
)
TICKETS = (
    ('La prensa no coge presión', 'machine', 'Se queda en 0,8 bares desde esta mañana.',
     'Miren si la membrana está rajada y díganos el número de serie.',
     'Hay una raja junto a la costura. El número es P25-1107.',
     'Hoy sale una membrana nueva, con las instrucciones para cambiarla.'),
    ('La bomba se calienta', 'machine', 'A los diez minutos el motor quema.',
     'Es el rodamiento. Nuestro técnico lleva uno nuevo.'),
    ('¿Qué junta lleva la llenadora?', 'parts', 'Necesitamos juntas para doce caños.',
     'Es la 40-118. ¿Le enviamos dos juegos?', 'Sí, por favor, dos juegos.',
     'Van en camino.'),
    ('Error E14 en la pantalla', 'control', 'La línea se para con E14 dos veces por hora.',
     'E14 es la fotocélula. Límpienla y miren si sigue.',
     'Al limpiarla ha seguido, gracias.', 'Bien. La revisamos en la próxima visita.'),
    ('El compresor se apaga', 'machine', 'Se apaga en cuanto encendemos todas las herramientas.',
     'Envíenos las lecturas de la última semana.', 'Aquí van las lecturas.',
     'El límite está muy bajo. Lo subimos en remoto.'),
    ('Copia de la última factura', 'office', 'Nuestro gestor no la tiene.',
     'La tiene en el portal; aquí va otra vez.'),
    ('El filtro tarda el doble', 'machine', 'El caudal ha bajado a la mitad desde el último vino.',
     'Le hace falta la limpieza alcalina. Los pasos están en la hoja adjunta.'),
    ('Usuario nuevo para el control', 'control', 'El nuevo bodeguero necesita acceso.',
     'Ya tiene acceso; la contraseña le llega solo a él.'),
    ('Ruido en el reductor', 'machine', 'Rasca al arrancar.',
     '¿Se quita a los pocos segundos?', 'No, sigue.',
     'Vamos el jueves y cambiamos el rodamiento.'),
    ('Pierde la camisa de frío', 'machine', 'Gotea glicol debajo de la válvula.',
     'Cierren la válvula; mañana llevamos una junta.'),
    ('¿Cuándo es la próxima inspección?', 'office', 'El seguro nos pide la fecha.',
     'Está prevista para el mes que viene; le adjuntamos la confirmación.'),
    ('Motor de repuesto para la cinta', 'parts', 'Querríamos tener uno en la estantería.',
     'Lo tenemos en almacén. ¿Va con la próxima entrega?', 'Sí, con eso basta.',
     'Se lo hemos apartado.'),
    ('El informe de lotes sale vacío', 'control', 'Desde la actualización no tiene líneas.',
     'Hemos quitado el filtro. Pruebe otra vez.'),
    ('La línea está parada', 'machine', 'No se mueve nada y espera todo el turno.',
     'Pulse el rearme debajo de la tapa. Un técnico le llama ahora.'),
)  # fmt: skip
NOT_SOLVED = (
    'Vuelve a pasar desde esta mañana.',
    'Gracias, pero todavía no va del todo bien.',
    'Una cosa más: ¿puede esperar al lunes?',
)
OPINIONS = {
    5: ('Rápidos y amables.', 'Resuelto en menos de una hora, ¡gracias!', 'Da gusto.'),
    4: ('Buena ayuda.', 'Resuelto, un poco lentos al principio.'),
    3: ('Ya funciona.', 'Hicieron falta dos intentos.'),
    2: ('Tuve que preguntar tres veces.',),
    1: ('Nadie llamó en dos días.', 'La máquina sigue haciendo ruido.'),
}
# Subject, category and question: of a customer who writes twice, of what waits for a day, and of
# one cause of the questions of several.
TWICE = ('Fotos de la membrana rajada', 'machine', 'Aquí va la foto que se me olvidó.')
PUT_ASIDE = (
    'Formación después de las fiestas',
    'control',
    '¿Podrían venir dos personas?',
)
PROBLEM = (
    'La actualización 4.2 bloquea la fotocélula', 'control', 'Afecta a todas las que la tienen.',
)  # fmt: skip
INCIDENTS = (
    'E14 desde la actualización', 'La línea se para cada hora', 'La fotocélula no responde',
)  # fmt: skip
# Subject, category, text, and every how many months.
RECURRING = (
    (
        'Revisión de las copias',
        'control',
        '¿Están guardados todos los programas?',
        1,
    ),
    ('Puesta a punto antes de la campaña', 'machine', 'Juntas, motores y seguridades.', 6),
)
TODOS = (
    'Pedir la fecha al proveedor', 'Llamar con el precio', 'Encargar la pieza', 'Mirar el registro',
)  # fmt: skip
CLAIMS = (
    ('El depósito llegó abollado', 'damage', 'transport', 620,
     'Tiene un golpe de un palmo debajo de la puerta.', 'Lo sentimos. Envíenos dos fotos.'),
    ('La membrana se rajó a las dos semanas', 'defect', 'material', 540,
     'La membrana nueva ya está rajada.', 'No debería pasar. Hoy sale otra.'),
    ('Caños equivocados', 'wrong_delivery', 'order', 280,
     'Pedimos doce y llegaron diez de otra medida.', 'Los buenos salen hoy.'),
    ('Entrega con tres semanas de retraso', 'late_delivery', 'supplier', 760,
     'Tuvimos que alquilar una bomba.', 'Envíenos la factura del alquiler.'),
    ('El técnico no vino', 'service', 'communication', 190,
     'Dos personas le esperaron toda la mañana.', 'Fue culpa nuestra: cambiamos la fecha.'),
    ('El compresor hace más ruido de lo acordado', 'defect', 'supplier', 900,
     'Medimos 78 dB en lugar de 69.', 'Vamos y lo medimos con ustedes.'),
    ('Caja rota, faltan piezas', 'damage', 'handling', 350,
     'La caja venía abierta y faltan cuatro abrazaderas.', 'Las enviamos ahora mismo.'),
    ('Horas cobradas dos veces', 'invoicing', 'communication', 240,
     'La visita del día 12 está en las dos facturas.', 'Lo miramos hoy.'),
    ('Las juntas se hinchan con el vino', 'defect', 'material', 310,
     'Se hinchan en pocos días.', '¿Qué limpiador usan?'),
    ('El filtro trabajó en seco', 'defect', 'use', 880,
     'Los módulos se bloquearon al primer uso.', 'Nuestro técnico mira el registro con ustedes.'),
)  # fmt: skip
MEASURES = (
    ('corrective', 'Enviar un recambio'),
    ('corrective', 'Ir y reparar'),
    ('preventive', 'Mejores cantoneras en las cajas'),
    ('preventive', 'Mirar a contraluz las membranas que llegan'),
    ('preventive', 'Confirmar las visitas el día antes'),
    ('corrective', 'Abonar la diferencia'),
)
ROOT_CAUSES = (
    'Un lote de mal material.', 'Nadie comparó pedido y albarán.', 'Embalado demasiado suelto.',
)  # fmt: skip
RESOLUTIONS = (
    'Cambiado sin coste.',
    'Se abonó parte del precio.',
    'Reparado en sus instalaciones.',
)
REJECTED = 'El registro muestra que trabajó sin agua.'
SUPPLIER_REFUSES = 'La garantía del proveedor había terminado.'
INVOICE_CLAIM = 'El precio no subía hasta enero'
SEGMENTS = (
    ('Bodegas', [('name', 'ilike', 'bodegas')]),
    ('Cerveceras', [('name', 'ilike', 'cervecera')]),
    ('Talleres', [('name', 'ilike', 'talleres')]),
    ('Clientes de la Ribera', [('city', 'in', ['Aranda de Duero', 'Peñafiel'])]),
)
